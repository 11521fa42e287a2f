import { expect, it } from 'vitest';

import { isLoopback } from '../../src/transport/networks.ts';

it('a loopback address is recognised in every notation', () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]', '::ffff:127.0.0.1'])
    expect(isLoopback(host)).toBe(true);
  for (const host of [
    '',
    '8.8.8.8',
    '10.0.0.1',
    'files.example',
    '0.0.0.0',
    '::',
    '1.127.0.0',
    'localhost.',
    '::ffff:10.0.0.1',
  ])
    expect(isLoopback(host)).toBe(false);
});
