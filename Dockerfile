# Drawgate as an image: the first stage builds, the second is what runs.
# docs/vagrant-and-image.md says how to start it and what each privilege is for.
ARG BUILD_IMAGE=docker.io/library/node:20-bookworm
ARG RUNTIME_IMAGE=docker.io/library/node:20-bookworm-slim

FROM ${BUILD_IMAGE} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends clang llvm libbpf-dev linux-libc-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/drawgate
COPY package.json package-lock.json ./
# A private certificate authority comes as `--secret id=ca,src=FILE` and stays out of the layers.
RUN --mount=type=secret,id=ca \
    if [ -f /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
    npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM ${RUNTIME_IMAGE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends libbpf1 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system drawgate
WORKDIR /opt/drawgate
COPY --from=build /opt/drawgate/package.json ./
COPY --from=build /opt/drawgate/node_modules node_modules
COPY --from=build /opt/drawgate/dist/controlplane dist/controlplane
COPY --from=build /opt/drawgate/dataplane-bpf dataplane-bpf
COPY --from=build /opt/drawgate/openapi openapi
RUN ln -s /opt/drawgate/dist/controlplane/main.js /usr/local/bin/drawgate
# Revisions, set entries and tokens: what must outlive the container. What the kernel enforces is pinned on the host.
VOLUME /var/lib/drawgate
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["drawgate", "status"]
ENTRYPOINT ["drawgate"]
CMD ["serve"]
