# A worker. torch's own wheels bring CUDA: the host needs the driver and NVIDIA's container toolkit, and no CUDA image.
# Without a GPU: --build-arg TORCH_INDEX=<PyTorch's index of CPU wheels> makes the image a fifth as large.
FROM python:3.12-slim AS build
ARG TORCH_INDEX=""
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY engine engine
COPY twobit twobit
COPY worker worker
# Without Triton (a compiler that the engine never calls), torch's headers and test programs, the libraries' own tests.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-compile --constraint constraints.txt \
        ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} '.[paint,trace]' \
    && /venv/bin/pip uninstall --yes pip triton \
    && find /venv -depth -type d \( -path '*/torch/include' -o -path '*/torch/test' -o -name tests -o -name __pycache__ \) -exec rm -rf {} + \
    && find /venv -type f \( -path '*/torch/bin/*' -not -name torch_shm_manager -o -name '*.a' \) -delete

FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home twobit && mkdir /data && chown twobit /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH TWOBIT_DATA=/data NUMBA_CACHE_DIR=/tmp/numba
# What a worker and its painter import is tried here, and stays compiled: nothing can be written later.
RUN python -P -c "import worker.child, worker.contract.telemetry, twobit.commands.worker" \
    && for method in fast paper; do twobit paint --method $method --preset draft --size 64 --style coast-dusk \
        --doodle "$(find /venv -path '*/house/coast-dusk/doodle.png')" --out /tmp/painting.png || exit 1; done \
    && rm -rf /tmp/* /data/*
ENV PYTHONDONTWRITEBYTECODE=1
USER 10001
VOLUME /data
ENTRYPOINT ["twobit"]
CMD ["worker"]
