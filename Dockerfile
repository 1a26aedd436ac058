# The production image: web server and worker. PostgreSQL is a container of its own (compose.yaml).
FROM python:3.13-slim AS build
COPY --from=ghcr.io/astral-sh/uv:0.13.8 /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --locked --no-dev --no-install-project
COPY src src
RUN uv sync --locked --no-dev --no-editable
# The key only lets the settings load; collecting files uses no secret and none stays in the image.
RUN LIANQI_SECRET_KEY=build LIANQI_DATA_DIR=/app/data .venv/bin/lianqi manage collectstatic --noinput

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home lianqi \
 && install -d -o lianqi -g lianqi /data
COPY --from=build /app/.venv /app/.venv
COPY --from=build /app/data/static /data/static
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 LIANQI_DATA_DIR=/data LIANQI_BIND=0.0.0.0:8000 \
    DJANGO_SETTINGS_MODULE=lianqi.config.settings
WORKDIR /data
USER lianqi
EXPOSE 8000
CMD ["gunicorn", "--config", "python:lianqi.config.gunicorn", "lianqi.config.wsgi"]
