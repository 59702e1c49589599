import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/**
 * A certificate for these host names (`*.example.com` too), signed by itself and good for one day either way; PEM.
 * It is written by hand in DER (X.690) after RFC 5280, section 4.1, since Node can sign and not write one.
 */
export function makeCertificate(names: readonly string[]): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const day = 86_400_000;
  const name = sequence(set(sequence(oid(2, 5, 4, 3), utf8('Tests'))));
  const ecdsaWithSha256 = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
  const subjectAlternatives = sequence(...names.map((each) => der(0x82, Buffer.from(each, 'ascii'))));
  const content = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    // Positive, and never with a zero too many in front.
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    ecdsaWithSha256,
    name,
    sequence(time(Date.now() - day), time(Date.now() + day)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(oid(2, 5, 29, 17), der(0x04, subjectAlternatives)))),
  );
  const signature = sign('sha256', content, privateKey);
  const cert = sequence(content, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = cert.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

/** A value with its tag and its length, the length in the shortest form. */
function der(tag: number, ...values: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(values);
  const bytes: number[] = [];
  for (let rest = body.length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  const length = body.length < 0x80 ? [body.length] : [0x80 | bytes.length, ...bytes];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...values: readonly Uint8Array[]): Buffer => der(0x30, ...values);
const set = (...values: readonly Uint8Array[]): Buffer => der(0x31, ...values);
const integer = (bytes: Uint8Array): Buffer => der(0x02, bytes);
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));
const time = (at: number): Buffer =>
  der(
    0x17,
    Buffer.from(
      `${new Date(at)
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
      'ascii',
    ),
  );

/** An object identifier: its first two parts in one byte, each other in groups of seven bits. */
function oid(first: number, second: number, ...others: readonly number[]): Buffer {
  const bytes = others.flatMap((part) => {
    const groups = [part & 0x7f];
    for (let rest = part >> 7; rest > 0; rest >>= 7) groups.unshift(0x80 | (rest & 0x7f));
    return groups;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}
