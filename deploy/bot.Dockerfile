# Desk, page and bots: everything people touch. No torch.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY engine engine
COPY twobit twobit
COPY worker worker
# Without the engine, the libraries' own tests and what only compilers and type checkers read; compiled is only what a
# desk and a bot import: a fifth less.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-compile --constraint constraints.txt '.[postgres,discord,mastodon,bluesky,trace]' \
    && /venv/bin/pip uninstall --yes pip setuptools \
    && rm -r /venv/lib/python*/site-packages/engine \
    && find /venv \( -name tests -o -name __pycache__ \) -type d -prune -exec rm -rf {} + \
    && find /venv -type f -regex '.*\.\(pyi\|pyx\|pxd\|c\|h\|a\|dll\)' -delete \
    && /venv/bin/python -c "import bot.desk.reader, bot.discord.running, psycopg, twobit.commands.bot, twobit.commands.desk" \
    && /venv/bin/python -c "import bot.fediverse.bluesky.network, bot.fediverse.mastodon.network, bot.fediverse.running"

FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home twobit && mkdir /data && chown twobit /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 TWOBIT_DATA=/data
USER 10001
# Everything else may be read-only: only /data and /tmp are written.
VOLUME /data
ENTRYPOINT ["twobit"]
CMD ["desk"]
