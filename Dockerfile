FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json ./
RUN npm ci
COPY scripts scripts
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# The volume of feeds takes over this folder's owner.
RUN mkdir /feeds && chown node:node /feeds
USER node
EXPOSE 3000
ENTRYPOINT ["node", "dist/main.js"]
CMD ["start", "--host", "0.0.0.0"]
