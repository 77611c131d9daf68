# Build: compiles src/ into dist/ with the development dependencies.
FROM node:26-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json ./
COPY tools/build.ts tools/
COPY src src
RUN npm ci

# Run: production dependencies alone, as a numeric user without rights. Nothing is written, so that the root file
# system may be read-only; the certificate of `--standalone` then lives in memory.
FROM node:26-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY --from=build /build/dist dist
COPY templates templates
COPY examples examples
USER 65532:65532
EXPOSE 15017 15014
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["serve", "--standalone", "--address", "0.0.0.0"]
