/**
 * Cases to check a kernel on: random ones and their tensors, the passes over them, and what must hold.
 *
 * {@snippet lang=java :
 * RandomCases cases = RandomCases.of(List.of(new MyConv()), RandomCases.BUDGET);
 * Case one = cases.draw(seed).orElseThrow();
 * Check.withinBound(one, Tensors.uniform(one));               // an AssertionError names the worst element
 * }
 */
package coordconv.verification.cases;
