# Desk, page and bot: everything people touch. No torch.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY engine engine
COPY twobit twobit
COPY worker worker
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --constraint constraints.txt '.[postgres,discord]' \
    && /venv/bin/pip uninstall --yes pip

FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home twobit && mkdir /data && chown twobit /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 TWOBIT_DATA=/data
USER 10001
VOLUME /data
ENTRYPOINT ["twobit"]
CMD ["desk"]
