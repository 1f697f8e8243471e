FROM node:24-bookworm-slim AS parts
WORKDIR /carrel
COPY package.json package-lock.json .npmrc ./
# The image has Node 24 already, so the optional packages that would bring it are left out, and what onnxruntime has for
# other systems. Nothing here needs its install scripts.
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/node-linux-* node_modules/node-win-* \
    node_modules/onnxruntime-node/bin/napi-v6/darwin node_modules/onnxruntime-node/bin/napi-v6/win32

FROM node:24-bookworm-slim
ENV MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072 MALLOC_ARENA_MAX=4
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /carrel
COPY --from=parts /carrel/node_modules node_modules
COPY package.json LICENSE ./
COPY src src
COPY views views
COPY public public
COPY migrations migrations
RUN node src/commands/warm.js
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=4", "src/start.js"]
