/** Plain Apollo Server with a REST data source, as its own guide sets it up: `startStandaloneServer` is not for production, so Fastify. */
import { ApolloServer } from '@apollo/server';
import { RESTDataSource } from '@apollo/datasource-rest';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastify from 'fastify';

import { toQuote, toShipment, typeDefs } from './rates-schema.js';

class EasyPost extends RESTDataSource {
  baseURL = process.env.PROVIDER;
  createShipment = (body) => this.post('/v2/shipments', { body });
}

const resolvers = {
  Query: {
    rates: async (_, { input }, { easypost }) => toQuote(await easypost.createShipment(toShipment(input))),
  },
};

const apollo = new ApolloServer({ typeDefs, resolvers });
await apollo.start();
const app = fastify();
app.post('/graphql', fastifyApolloHandler(apollo, { context: async () => ({ easypost: new EasyPost() }) }));
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
