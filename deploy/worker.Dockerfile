# A worker. torch's own wheels bring CUDA: the host needs the driver and NVIDIA's container toolkit, and no CUDA image.
# Without a GPU: --build-arg TORCH_INDEX=<PyTorch's index of CPU wheels> makes the image a tenth as large.
FROM python:3.12-slim AS build
ARG TORCH_INDEX=""
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY engine engine
COPY twobit twobit
COPY worker worker
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --constraint constraints.txt ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} '.[paint,trace]' \
    && /venv/bin/pip uninstall --yes pip

FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home twobit && mkdir /data && chown twobit /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 TWOBIT_DATA=/data NUMBA_CACHE_DIR=/tmp/numba
USER 10001
VOLUME /data
ENTRYPOINT ["twobit"]
CMD ["worker"]
