# The command line in a container, run by an ordinary user on what lies in /data:
#
#     docker build -t cleaner .
#     docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:/data" cleaner clean posts.jsonl.gz -o clean.jsonl.gz
#
# It needs no network, and nothing but /data is written to: --network none --read-only will do.

FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY cleaner cleaner
COPY models models
RUN python -m venv /opt/cleaner \
    && /opt/cleaner/bin/pip install --no-cache-dir ".[corpora]"

FROM python:3.13-slim
RUN useradd --uid 1000 --create-home cleaner
COPY --from=build /opt/cleaner /opt/cleaner
ENV PATH="/opt/cleaner/bin:$PATH"
USER 1000:1000
WORKDIR /data
ENTRYPOINT ["cleaner"]
CMD ["--help"]
