import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exchangeId } from './protocol.ts';

it('is the two numbers to base 36', () => {
  const whole = fc.oneof(fc.nat(50_000), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
  fc.assert(
    fc.property(whole, whole, (time, seq) => {
      expect(exchangeId(time, seq)).toBe(`${time.toString(36)}-${seq.toString(36)}`);
    }),
  );
});
