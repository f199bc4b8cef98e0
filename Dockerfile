# syntax=docker/dockerfile:1
# Targets: `source`, `destination` (for Airbyte, one definition each) and the last, for people and cron.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json tsconfig.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE} AS base
# Airbyte runs connectors as uid 1000, in a working directory of its own.
RUN userdel --remove node && useradd --uid 1000 --create-home --shell /bin/sh airbyte && mkdir -p /airbyte && chown airbyte:airbyte /airbyte
COPY --from=build --chown=airbyte:airbyte /build/node_modules /airbyte/node_modules
COPY --from=build --chown=airbyte:airbyte /build/build /airbyte/build
COPY --chown=airbyte:airbyte bin /airbyte/bin
COPY --chown=airbyte:airbyte package.json LICENSE /airbyte/
ENV NODE_ENV=production
USER airbyte
WORKDIR /airbyte

FROM base AS source
ENV AIRBYTE_ENTRYPOINT=/airbyte/bin/source-s3-offline-events
ENTRYPOINT ["/airbyte/bin/source-s3-offline-events"]
LABEL io.airbyte.name=airbyte-offline-events/source-s3-offline-events io.airbyte.version=0.1.0

FROM base AS destination
ENV AIRBYTE_ENTRYPOINT=/airbyte/bin/destination-offline-events
ENTRYPOINT ["/airbyte/bin/destination-offline-events"]
LABEL io.airbyte.name=airbyte-offline-events/destination-offline-events io.airbyte.version=0.1.0

FROM base
ENTRYPOINT ["/airbyte/bin/offline-events"]
