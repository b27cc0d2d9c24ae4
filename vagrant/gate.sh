#!/bin/sh
# The gate: Node 20, libbpf, Drawgate from the checkout in /srv/drawgate, and its service.
set -eu
export DEBIAN_FRONTEND=noninteractive

missing=
for package in libbpf1 curl; do
  dpkg -s "$package" > /dev/null 2>&1 || missing="$missing $package"
done
[ -z "$missing" ] || { apt-get update -q && apt-get install -qy --no-install-recommends $missing; }

cd /srv/drawgate
if [ -f /tmp/node ]; then
  install -m 755 /tmp/node /usr/local/bin/node
  rm /tmp/node
else
  if ! command -v node > /dev/null; then
    curl -fsSL https://deb.nodesource.com/setup_20.x | bash -
    apt-get install -qy nodejs
  fi
  npm ci --no-audit --no-fund
  npm run build
fi

ln -sf /srv/drawgate/dist/controlplane/main.js /usr/local/bin/drawgate
install -m 644 vagrant/drawgate.service /etc/systemd/system/drawgate.service
getent group drawgate > /dev/null || groupadd --system drawgate
systemctl daemon-reload
systemctl enable --quiet drawgate.service
systemctl restart drawgate.service || { journalctl --unit drawgate.service --lines 40 --no-pager; exit 1; }
