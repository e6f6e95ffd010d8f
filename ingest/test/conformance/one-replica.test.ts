import { checkConformance } from './check-conformance.ts';

checkConformance('one replica');
