# The program in a container: docker build -t cmtopo . && docker run --rm -v "$PWD:/work" cmtopo check
FROM node:22-alpine AS build
WORKDIR /source
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund && node scripts/build.mjs

FROM node:22-alpine
# For earlier versions of a file: cmtopo diff HEAD:site.topology.yaml site.topology.yaml
RUN apk add --no-cache git && git config --system --add safe.directory '*'
COPY --from=build /source/LICENSE /source/NOTICE.md /opt/cmtopo/
COPY --from=build /source/dist/cli.js /source/dist/core.js /source/dist/on-demand.js /source/dist/mcp-server.js /source/dist/tool-worker.js /source/dist/THIRD-PARTY.txt /opt/cmtopo/dist/
COPY --from=build /source/dist/l10n /opt/cmtopo/dist/l10n
USER node
WORKDIR /work
ENTRYPOINT ["node", "/opt/cmtopo/dist/cli.js"]
CMD ["check"]
