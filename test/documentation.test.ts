import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { buildSchema, parse, validate } from 'graphql';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { readConfig } from '../src/config/config.ts';
import { readEvents } from '../packages/client/src/sse.ts';
import { buildClient } from './support/built-client.ts';
import { codeBlocks, documentationPages, root, type CodeBlock } from './support/code-blocks.ts';
import {
  fillIn,
  openDocumentationServer,
  variablesFor,
  type DocumentationServer,
  type Output,
} from './support/documentation-server.ts';
import { completeTenantsFile, tenantsFileParts } from './support/tenants-file.ts';

const blocks = codeBlocks();
const ofLanguage = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));
const isRun = ({ mark }: CodeBlock) => !/^(no-run$|fragment$|test\/)/.test(mark);

let server: DocumentationServer;
beforeAll(async () => {
  buildClient();
  server = await openDocumentationServer();
});
afterAll(() => server.close());

describe('the GraphQL of the documentation', () => {
  const printed = readFileSync(`${root}src/generated/subgraph.graphql`, 'utf8');
  const schema = buildSchema(printed, { assumeValidSDL: true });
  const documents = ofLanguage('graphql');

  it.each(documents)('is valid: $place', ({ code }) => {
    expect(validate(schema, parse(code))).toEqual([]);
  });

  it.each(documents.filter(isRun))('runs: $place', async ({ code }) => {
    const query = await fillIn(code, server);
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer sandbox',
        'content-type': 'application/json',
        accept: query.startsWith('subscription') ? 'text/event-stream' : 'application/json',
      },
      body: JSON.stringify({ query, variables: variablesFor(parse(query)) }),
    });
    const { data, errors } = await readAnswer(response);
    expect(errors).toBeUndefined();
    for (const result of Object.values<any>(data)) {
      expect(result).toBeTruthy();
      expect(result.userErrors ?? []).toEqual([]);
      expect(result.failure ?? null).toBeNull();
    }
  });

  it('selects the id of a shipment that it buys', () => {
    const purchase = documents.find(({ page, code }) => page === 'README.md' && code.includes('shipmentPurchase')); // prettier-ignore
    expect(purchase?.code).toMatch(/shipment \{\s+id\b/);
  });
});

async function readAnswer(response: Response): Promise<any> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.json();
  for await (const { event, data } of readEvents(response.body!)) {
    if (event === 'next') return JSON.parse(data);
  }
  throw new Error('the subscription had no event');
}

describe('the shell commands of the documentation', () => {
  // USPS has one pickup of an address, and the GraphQL above may have scheduled it.
  beforeAll(() => server.cancelPickups());

  const commands = ofLanguage('sh').filter(isRun);
  const outputs: Record<string, Output> = {};

  it.each([...new Set(commands.map(({ page }) => page))])('run one after the other: %s', async (page) => {
    const script = commands.filter((block) => block.page === page).map(({ code }) => code).join('\n'); // prettier-ignore
    outputs[page] = await server.shell(script);
    expect(outputs[page].status, outputs[page].text).toBe(0);
    expect(outputs[page].text).not.toMatch(/"errors":/);
  });

  it('go the whole way in the README: rates, verify, buy, label, track, pickup, void, abroad, return, insured', () => {
    const answers = outputs['README.md']!.text.split('\n').filter((line) => line.startsWith('{"data":'));
    const bought = (price: unknown) => ({ shipmentPurchase: { shipment: expect.objectContaining({ id: expect.stringMatching(/^shp_/), status: 'PURCHASED', price }), userErrors: [], failure: null } }); // prettier-ignore
    const anyPrice = { amount: expect.any(String) };
    expect(answers.map((line) => JSON.parse(line).data)).toEqual([
      { rates: expect.objectContaining({ rates: expect.arrayContaining([expect.anything()]) }) },
      { addressVerification: expect.objectContaining({ status: 'VERIFIED' }) },
      { tracker: expect.objectContaining({ status: 'PRE_TRANSIT' }) },
      { pickupSchedule: { pickup: expect.objectContaining({ status: 'SCHEDULED' }), userErrors: [], failure: null } }, // prettier-ignore
      { shipmentVoid: { shipment: expect.objectContaining({ status: 'VOIDED' }), userErrors: [], failure: null } }, // prettier-ignore
      bought(anyPrice),
      bought(anyPrice),
      bought(anyPrice),
    ]);
    expect(readFileSync(join(server.cwd, 'label.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });
});

describe('the programs of the documentation', () => {
  const programs = ofLanguage('ts', 'js').filter(({ mark }) => !/^(fragment$|test\/)/.test(mark));

  it('have no type errors', () => {
    const files = programs.map(({ code, language }, index) => {
      const file = join(server.cwd, `program-${index}.${language}`);
      writeFileSync(file, code);
      return file;
    });
    const program = ts.createProgram(files, {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowJs: true,
      checkJs: true,
      esModuleInterop: true,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: ['node'],
      typeRoots: [`${root}node_modules/@types`],
    });
    const faults = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      const { place } = programs[files.indexOf(file?.fileName ?? '')] ?? {};
      return `${place}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    expect(faults).toEqual([]);
  });

  it.each(programs.filter(isRun))('run: $place', async ({ code, language }) => {
    expect(await server.module(code, `m${language}`)).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('the settings of the documentation', () => {
  it.each(ofLanguage('json'))('are JSON: $place', ({ code }) => {
    expect(() => JSON.parse(code) as unknown).not.toThrow();
  });

  it.each(ofLanguage('yaml'))('are YAML: $place', ({ code }) => {
    expect(parseAllDocuments(code).flatMap(({ errors }) => errors)).toEqual([]);
  });

  it.each(ofLanguage('json').filter(({ mark }) => tenantsFileParts.includes(mark)))(
    'are what a tenants file takes: $place',
    ({ code, mark }) => {
      const file = join(server.cwd, 'tenants.json');
      writeFileSync(file, completeTenantsFile(mark, code, server.cwd));
      const env = {
        PARCELGRAPH_TENANTS: file,
        PARCELGRAPH_SECRET: 'a secret of more than thirty-two characters',
        ACME_USPS_SECRET: 'secret',
      };
      expect(readConfig(env).tenants.length).toBeGreaterThan(0);
    },
  );
});

describe('the links of the documentation', () => {
  /** The anchors that GitHub gives the headings of a page. */
  const anchorsOf = (text: string) =>
    [...text.matchAll(/^#+ (.*)$/gm)].map(
      ([, heading]) =>
      heading!.toLowerCase().replaceAll(/[^\w -]/g, '').replaceAll(' ', '-'), // prettier-ignore
    );

  it('lead to a page, and to one of its headings', () => {
    const dead = [...documentationPages(), 'CONTRIBUTING.md', 'CHANGELOG.md'].flatMap((page) => {
      const text = readFileSync(`${root}${page}`, 'utf8');
      const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
      const broken = links.filter(([, path, anchor]) => {
        const file = path ? join(root, dirname(page), path) : join(root, page);
        if (!existsSync(file)) return true;
        return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
      });
      return broken.map(([link]) => `${page}: ${link}`);
    });
    expect(dead).toEqual([]);
  });
});

describe('the code blocks of the documentation', () => {
  it('have marks that are known, and tests that exist', () => {
    const known = ['', 'no-run', 'fragment', ...tenantsFileParts];
    const unknown = blocks.filter(({ mark }) => !known.includes(mark) && !existsSync(`${root}${mark}`));
    expect(unknown.map(({ place, mark }) => `${place} ${mark}`)).toEqual([]);
  });

  const notRun = blocks.filter(({ mark }) => mark === 'no-run' || mark === 'fragment');
  console.log(`${notRun.length} of ${blocks.length} code blocks are not run: ${notRun.map(({ place }) => place).join(', ')}`); // prettier-ignore
});
