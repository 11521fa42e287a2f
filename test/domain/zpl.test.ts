import { describe, expect, it } from 'vitest';

import { restorePrinterModes } from '../../src/domain/zpl.ts';

const served = (zpl: string) => restorePrinterModes(Buffer.from(zpl, 'latin1')).toString('latin1');

describe('a ZPL label that is served', () => {
  it('does not set the printer: mode, media, darkness and speed are its own', () => {
    expect(served('~SD25^XA^MMT^MNY^MTT^MD10^PR4\n^FO1,1^FDMMT^FS^JUS^XZ\n')).toBe(
      '^XA\n^FO1,1^FDMMT^FS^XZ\n',
    );
  });

  it('does not keep its picture for the next label', () => {
    expect(served('^XA^MCN^FO1,1^FDa^FS^XZ')).toBe('^XA^FO1,1^FDa^FS^XZ');
    // The first format is a layer of the second.
    expect(served('^XA^MCN^FDa^FS^XZ\n^XA^FDb^FS^MCN^XZ\n')).toBe('^XA^MCN^FDa^FS^XZ\n^XA^FDb^FS^MCY^XZ\n');
  });

  it('resets the modes that its drawing needs by a format that prints nothing', () => {
    expect(served('^XA^POI^LH10,20^CI28^LS0^FDa^FS^XZ\n')).toBe(
      '^XA^POI^LH10,20^CI28^LS0^FDa^FS^XZ\n^XA^PON^LH0,0^CI0^XZ\n',
    );
  });

  it('is otherwise the same, binary graphics included', () => {
    const graphic = '^XA^GFB,6,6,1,\xff^MMT\x00^MCN^FDb^FS^XZ';
    expect(served(graphic)).toBe('^XA^GFB,6,6,1,\xff^MMT\x00^FDb^FS^XZ');
    for (const same of ['^XA^PW812^LL1218^FO1,1^BY3^BCN,200^FDGrüße^FS^XZ\n', '^XA^CC/ /MCN/XZ']) {
      expect(served(same)).toBe(same);
    }
  });
});
