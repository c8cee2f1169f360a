# docker build -t archiver . ; deploy/compose.yaml and deploy/k8s/ run it. Nothing in it is written to: mount an archive
# at /archive, archiver.yaml and ./sites at /work, and a tmpfs at /tmp.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements-cluster.txt ./
RUN python -m venv /opt/archiver \
 && /opt/archiver/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-cluster.txt
COPY pyproject.toml README.md LICENSE ./
COPY archiver archiver
RUN /opt/archiver/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.13-slim
COPY --from=build /opt/archiver /opt/archiver
RUN mkdir /work /archive && chown 10001:10001 /archive
ENV PATH=/opt/archiver/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOME=/tmp ARCHIVER_OUTPUT=/archive
USER 10001:10001
WORKDIR /work
VOLUME /archive
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5m --timeout=30s --start-period=1h CMD ["archiver", "status"]
ENTRYPOINT ["archiver"]
CMD ["status"]
