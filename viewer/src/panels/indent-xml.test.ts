import { describe, expect, it } from 'vitest';
import { indentXml } from './indent-xml.ts';

const lines = (text: string) => indentXml(text).split('\n');

describe('XML indented for reading', () => {
  it('gives each element its line, and keeps one with nothing but text on one', () => {
    expect(
      lines('<?xml version="1.0"?><s:Envelope><s:Body><a x="1"><b>text</b><c/><d></d></a></s:Body></s:Envelope>'),
    ).toEqual([
      '<?xml version="1.0"?>',
      '<s:Envelope>',
      '  <s:Body>',
      '    <a x="1">',
      '      <b>text</b>',
      '      <c/>',
      '      <d></d>',
      '    </a>',
      '  </s:Body>',
      '</s:Envelope>',
    ]);
  });
  it('indents what came indented the same way', () => {
    const compact = '<a><b>1</b><c><d/></c></a>';
    expect(indentXml(indentXml(compact))).toBe(indentXml(compact));
  });
  it('is not misled by a > in an attribute, in CDATA or in a comment', () => {
    expect(lines(`<a x="1>2" y='"/>'><!-- <z> --><b><![CDATA[<not><a>tag]]></b></a>`)).toEqual([
      `<a x="1>2" y='"/>'>`,
      '  <!-- <z> -->',
      '  <b><![CDATA[<not><a>tag]]></b>',
      '</a>',
    ]);
  });
  it('shows a body that was cut anywhere to its last character', () => {
    const whole = '<a><b x="1">te &amp; xt</b><!-- c --><![CDATA[d]]><c/></a>';
    const bare = (text: string) => text.replaceAll(/\s/g, '');
    for (let end = 0; end <= whole.length; end++)
      expect(bare(indentXml(whole.slice(0, end)))).toBe(bare(whole.slice(0, end)));
  });
  it('leaves what is no XML as it is', () => {
    expect(indentXml('{"not": "xml"}')).toBe('{"not": "xml"}');
    expect(indentXml('')).toBe('');
    expect(lines('</a></b>')).toEqual(['</a>', '</b>']);
  });
  it('takes a body of ten thousand levels', () => {
    const deep = indentXml('<a>'.repeat(10_000));
    expect(deep.split('\n')).toHaveLength(10_000);
    expect(deep.length).toBeLessThan(10_000 * 60);
  });
});
