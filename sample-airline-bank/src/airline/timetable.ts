/** What an airline flies: each route each day, with the same seats and fare. */
export type Route = {
  readonly code: string;
  readonly from: string;
  readonly to: string;
  readonly fareCents: number;
  readonly seats: number;
};
export type Timetable = { readonly airline: string; readonly prefix: string; readonly routes: readonly Route[] };

export const aquilaTimetable: Timetable = {
  airline: 'airline-a',
  prefix: 'AQ',
  routes: [
    { code: 'AQ101', from: 'Lisbon', to: 'Reykjavik', fareCents: 24_900, seats: 48 },
    { code: 'AQ102', from: 'Reykjavik', to: 'Lisbon', fareCents: 22_500, seats: 48 },
    { code: 'AQ207', from: 'Lisbon', to: 'Athens', fareCents: 17_900, seats: 64 },
    { code: 'AQ310', from: 'Athens', to: 'Cairo', fareCents: 9_900, seats: 32 },
    { code: 'AQ450', from: 'Lisbon', to: 'Montreal', fareCents: 54_900, seats: 96 },
  ],
};

export const borealisTimetable: Timetable = {
  airline: 'airline-b',
  prefix: 'BO',
  routes: [
    { code: 'BO11', from: 'Oslo', to: 'Tromso', fareCents: 8_900, seats: 40 },
    { code: 'BO24', from: 'Oslo', to: 'Vienna', fareCents: 19_500, seats: 64 },
    { code: 'BO25', from: 'Vienna', to: 'Oslo', fareCents: 18_500, seats: 64 },
    { code: 'BO80', from: 'Helsinki', to: 'Osaka', fareCents: 69_900, seats: 96 },
  ],
};
