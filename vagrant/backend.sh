#!/bin/sh
# A backend: a web server on port 8080, IPv4 and IPv6, whose one page is the machine's name.
set -eu

command -v python3 > /dev/null || { apt-get update -q && apt-get install -qy --no-install-recommends python3; }

install -d /srv/www
hostname > /srv/www/index.html

cat > /etc/systemd/system/backend.service <<'UNIT'
[Service]
ExecStart=/usr/bin/python3 -m http.server 8080 --bind :: --directory /srv/www
Restart=always
DynamicUser=yes

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --quiet --now backend.service
