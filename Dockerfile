# syntax=docker/dockerfile:1
# Targets: `source`, `destination` (for Airbyte, one definition each) and the last, for people and cron.

# Any official slim image of Node 24.7 or newer that has Debian's tools; name it by digest for a build that can be repeated.
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim
# As in package.json, which spec/packaging.spec.ts holds it to.
ARG VERSION=0.1.0

FROM ${NODE_IMAGE} AS build
WORKDIR /airbyte
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json LICENSE ./
COPY src src
COPY bin bin
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# What never runs: types, source maps, prose, and the packages' second copies of themselves as ES modules. Licences stay.
# Of the charts' many builds one is loaded, which holds the library that draws them too.
# Modes don't depend on the checkout's umask.
RUN find node_modules -type f \( -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' -o -name '*.map' \) -delete \
 && find node_modules -type f -name '*.md' ! -iname 'licen[cs]e*' ! -iname 'notice*' -delete \
 && find node_modules -type d \( -name dist-es -o -name dist-types -o -name es6 \) -prune -exec rm -r {} + \
 && find node_modules/echarts node_modules/zrender -type f ! -path '*/dist/echarts.common.min.js' ! -name package.json \
      ! -iname 'licen[cs]e*' ! -name NOTICE ! -path '*/licenses/*' -delete \
 && rm -r node_modules/libphonenumber-js/bundle node_modules/.bin src package-lock.json tsconfig.json \
 && find node_modules -type d -empty -delete \
 && chmod -R u=rwX,go=rX .

FROM ${NODE_IMAGE} AS base
ARG VERSION
ARG REVISION=unknown
# Airbyte runs connectors as uid 1000, called airbyte, in a working directory of its own. The official images have a user of that
# uid; renaming it leaves no date in /etc/shadow, as adding one would.
RUN usermod --login airbyte --home /airbyte node && groupmod --new-name airbyte node \
 && rm -rf /home/node && install --directory --owner=airbyte --group=airbyte /airbyte
COPY --from=build /airbyte /airbyte
# The heap may take this share of the container's memory limit; by itself V8 takes 259 MB of 128 MB, and 2 GB of 8. The rest is for
# the young generation, request bodies and the runtime.
ENV NODE_ENV=production NODE_OPTIONS=--max-old-space-size-percentage=60
USER airbyte
WORKDIR /airbyte
LABEL io.airbyte.version=${VERSION} \
      org.opencontainers.image.version=${VERSION} \
      org.opencontainers.image.revision=${REVISION} \
      org.opencontainers.image.licenses=MIT \
      org.opencontainers.image.source=https://github.com/airbyte-offline-events/airbyte-offline-events \
      org.opencontainers.image.documentation=https://github.com/airbyte-offline-events/airbyte-offline-events/blob/main/docs

FROM base AS source
ENV AIRBYTE_ENTRYPOINT=/airbyte/bin/source-s3-offline-events
ENTRYPOINT ["/airbyte/bin/source-s3-offline-events"]
LABEL io.airbyte.name=airbyte-offline-events/source-s3-offline-events \
      org.opencontainers.image.title="Offline events source" \
      org.opencontainers.image.description="Airbyte source that reads offline conversions from CSV files in S3 and hashes every identity."

FROM base AS destination
ENV AIRBYTE_ENTRYPOINT=/airbyte/bin/destination-offline-events
ENTRYPOINT ["/airbyte/bin/destination-offline-events"]
LABEL io.airbyte.name=airbyte-offline-events/destination-offline-events \
      org.opencontainers.image.title="Offline events destination" \
      org.opencontainers.image.description="Airbyte destination that sends offline conversions to ad platforms, TikTok's Events API first."

FROM base
ENV AIRBYTE_ENTRYPOINT=/airbyte/bin/offline-events
ENTRYPOINT ["/airbyte/bin/offline-events"]
LABEL io.airbyte.name=airbyte-offline-events/offline-events \
      org.opencontainers.image.title="Offline events" \
      org.opencontainers.image.description="Both roles of the offline events connector, for people and cron."
