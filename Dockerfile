# The sandbox and the conformance suite as images: `docker build --target sandbox .`, `docker build --target conformance .`
ARG PYTHON=3.13
FROM python:${PYTHON}-slim AS build
WORKDIR /source
COPY constraints.txt ./
COPY generated/client client
COPY generated/sandbox sandbox
COPY generated/conformance conformance
# The versions that the tests ran with; their hashes are left out, since the three folders have none.
RUN sed -e '/--hash=/d' -e 's/ *\\$//' constraints.txt > pinned.txt
RUN python -m venv /opt/procwise
RUN /opt/procwise/bin/python -m pip install --no-cache-dir --constraint pinned.txt ./client './sandbox[postgres]' ./conformance

FROM python:${PYTHON}-slim AS programs
COPY --from=build /opt/procwise /opt/procwise
RUN useradd --create-home --uid 10001 procwise
ENV PATH=/opt/procwise/bin:$PATH PYTHONUNBUFFERED=1
USER 10001
WORKDIR /home/procwise

FROM programs AS conformance
ENTRYPOINT ["procwise-conformance"]
CMD ["--help"]

FROM programs AS sandbox
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as http; http.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
# Inside the container it listens on every address, or nobody outside could reach it: publish the port on 127.0.0.1 alone.
ENTRYPOINT ["procwise-sandbox", "--port", "8080", "--host", "0.0.0.0"]
