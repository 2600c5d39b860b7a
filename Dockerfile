# Two stages: the first has the installers, the second only Python, the locked dependencies and the bot.
FROM python:3.11-slim AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# requirements-sentry.lock is the same and what reports errors to a Sentry server.
ARG REQUIREMENTS=requirements.lock
WORKDIR /src
COPY requirements-uv.lock requirements.lock requirements-sentry.lock requirements-dev.lock ./
RUN python -m venv /tools \
 && /tools/bin/pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
 && python -m venv --without-pip /opt/chipwatch \
 && /tools/bin/uv pip sync --no-cache --python /opt/chipwatch/bin/python --require-hashes --compile-bytecode "$REQUIREMENTS"
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY config ./config
# The build's own dependencies stand in the developers' lock: they are held to its hashes too.
RUN /tools/bin/uv build --no-cache --wheel --build-constraints requirements-dev.lock --require-hashes --out-dir /dist . \
 && /tools/bin/uv pip install --no-cache --python /opt/chipwatch/bin/python --no-deps --compile-bytecode /dist/*.whl

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin chipwatch \
 && install -d -o chipwatch -g chipwatch /data
COPY --from=build /opt/chipwatch /opt/chipwatch
# Nothing but /data is written: the root file system may be read-only.
ENV PATH="/opt/chipwatch/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    CHIPWATCH_STORE__URL="sqlite:////data/chipwatch.db" \
    CHIPWATCH_LOG__FORMAT="json"
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8642
USER 10001
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import http.client as h, os; c = h.HTTPConnection('127.0.0.1', int(os.environ.get('CHIPWATCH_WEB__PORT', '8642')), timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["chipwatch"]
CMD ["run"]
