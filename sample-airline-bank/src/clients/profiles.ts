/** What a client can choose to do next. */
export const wishes = [
  'listFlights',
  'listBookings',
  'book',
  'bookBroke',
  'cancel',
  'balance',
  'deposit',
  'sendMalformed',
] as const;
export type Wish = (typeof wishes)[number];

export type Profile = {
  readonly name: string;
  /** Of all calls of the estate; the shares add up to 1. */
  readonly share: number;
  /** How often each wish comes, relative to the others. Those left out never do. */
  readonly weights: Readonly<Partial<Record<Wish, number>>>;
};

/**
 * Deposits outweigh fares a little in each, so no customer goes broke but the one who shall be.
 */
export const profiles = {
  webShop: {
    name: 'web-shop',
    share: 0.45,
    weights: { listFlights: 34, book: 30, listBookings: 9, cancel: 17, balance: 5, deposit: 5 },
  },
  kiosk: {
    name: 'kiosk',
    share: 0.25,
    weights: {
      listFlights: 28,
      book: 26,
      bookBroke: 16,
      cancel: 14,
      listBookings: 4,
      deposit: 5,
      balance: 3,
      sendMalformed: 4,
    },
  },
  callCentre: {
    name: 'call-centre',
    share: 0.2,
    weights: { listBookings: 26, cancel: 16, book: 18, balance: 20, deposit: 8, listFlights: 12 },
  },
  partner: {
    name: 'partner',
    share: 0.1,
    weights: { listFlights: 62, book: 16, cancel: 9, balance: 5, deposit: 4, sendMalformed: 4 },
  },
} as const satisfies Record<string, Profile>;
