# Desk, page and bots: everything people touch. No torch, no shell: Python and what it needs, on nothing.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY engine engine
COPY twobit twobit
COPY worker worker
# Any version will do: it stays in this stage.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
# Without the engine, what colours programs' text, the libraries' own tests, their symbols (those of *.libs stay: patched
# files break), what only compilers and type checkers read.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-compile --constraint constraints.txt '.[postgres,discord,mastodon,bluesky,trace]' \
    && /venv/bin/pip uninstall --yes pip pygments setuptools \
    && find /venv -depth -type d \( -path '*/site-packages/engine' -o -path '*/numpy/f2py' -o -name tests -o -name __pycache__ \) -exec rm -rf {} + \
    && find /venv -type f -regex '.*\.\(pyi\|pyx\|pxd\|c\|h\|a\|dll\)' -delete \
    && find /venv -type f -regex '.*/\(_imagingtk\.\|_simd\.\|_[a-z_]*_tests\.\).*so.*' -delete \
    && find /venv -name '*.so' -not -path '*.libs/*' -exec strip --strip-unneeded {} +
COPY deploy/rootfs.py deploy/
RUN python -P deploy/rootfs.py /root-of-image /venv && chown 10001:10001 /root-of-image/data && ldconfig -r /root-of-image

FROM scratch
COPY --from=build /root-of-image /
COPY --from=build /venv /venv
ENV PATH=/venv/bin LANG=C.UTF-8 TWOBIT_DATA=/data
# What desk and bots import is tried here, and stays compiled: nothing can be written later.
RUN ["python", "-P", "-c", "import bot.desk as desk, bot.desk.reader as reader, bot.discord.running, bot.fediverse.bluesky.network, \
    bot.fediverse.mastodon.network, bot.fediverse.running, psycopg, anyio._backends._asyncio, uvicorn.protocols.http.h11_impl, \
    worker.contract.telemetry; desk.Database('sqlite://').migrate(); reader.warm()"]
# hadolint ignore=DL3059
RUN ["twobit", "--help"]
ENV PYTHONDONTWRITEBYTECODE=1
USER 10001
# Everything else may be read-only: only /data and /tmp are written.
VOLUME /data
ENTRYPOINT ["twobit"]
CMD ["desk"]
