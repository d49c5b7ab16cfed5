# The portal's image: web, worker and beat differ only in their command.

FROM node:22-slim AS packages
WORKDIR /portal
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /portal
RUN python -m venv /venv
# base, or s3 for files in an S3-compatible store
ARG EXTRA=base
COPY requirements/base.txt requirements/s3.txt requirements/
RUN /venv/bin/pip install --require-hashes --no-deps -r requirements/${EXTRA}.txt

FROM python:3.11-slim
# Pango makes the PDFs; everything else comes with the Python packages
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin portal
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp MEDIA_ROOT=/data/files PORTAL_VAR=/data/var STATIC_ROOT=/portal/staticfiles PORT=8000
WORKDIR /portal
COPY --from=build /venv /venv
COPY --from=packages /portal/node_modules node_modules
COPY . .
# Static files are gathered in demo mode, which needs no secret; nothing of it stays but the files
RUN DEMO=1 PORTAL_VAR=/tmp/var python manage.py collectstatic --noinput --verbosity 0 && rm -rf /tmp/var \
 && mkdir -p /data/files /data/var && chown -R portal:portal /data
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=3 CMD ["python", "-m", "config.health_probe"]
CMD ["gunicorn", "--config=python:config.webserver", "--bind=0.0.0.0:8000"]
