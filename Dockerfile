# The dependencies, and the Node that runs everything: it comes with the packages.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci && npm prune --omit=dev --ignore-scripts
COPY schema schema
COPY src src
# Keeps compiled code for every start, by a start with each kind of ledger, one of which finds no server. Node keeps it for each
# user, and readable to that user alone.
RUN mkdir -p node_modules/.cache && chown node node_modules/.cache
USER node
RUN export PORT=0 DATA_DIR=/tmp/ledger EASYPOST_API_KEY=EZTKbuild PARCELGRAPH_API_KEY=build-only \
      PARCELGRAPH_SECRET=only-for-the-start-that-compiles-the-code; \
    start="timeout --preserve-status 20 node --import ./src/compile-cache.mjs src/main.ts"; \
    $start && { DATABASE_URL=postgres://127.0.0.1:1/none $start; chmod -R a+rX node_modules/.cache; }

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY schema schema
COPY src src
# The embedded ledger is all that is written.
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1, so that it receives SIGTERM and completes the requests in progress.
CMD ["node", "--import", "./src/compile-cache.mjs", "src/main.ts"]
