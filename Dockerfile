# Corrente beside a PostgreSQL server of its own: the dashboard inside one binary, without the embedded database.
# Build: docker build -t corrente .          Run: docker compose up

FROM node:20-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/ /usr/local/
WORKDIR /corrente
COPY . .
# The same steps as `cargo xtask run`, without serving: tools, bundles, WebAssembly; then the server that embeds them.
RUN cargo xtask dashboard
RUN cargo build --profile dist --locked --package cli --no-default-features

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --no-create-home corrente && install -d -o corrente -g corrente /var/lib/corrente
COPY --from=build /corrente/target/dist/corrente /usr/local/bin/corrente
USER corrente
ENV CORRENTE_BIND=0.0.0.0:8080 CORRENTE_DATA_DIR=/var/lib/corrente
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["corrente"]
CMD ["serve"]
