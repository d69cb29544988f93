/**
 * What must hold of a convolution, run over a kernel: properties of random cases, exact cases, and a file of
 * problems, with a report.
 *
 * {@snippet lang=java :
 * KernelSuite suite = new KernelSuite(List.of(new MyConv()), 1, 1, RandomCases.BUDGET);
 * SuiteReport report = suite.run(outcome -> System.out.println(outcome));
 * System.out.println(report.summary());
 * }
 */
package coordconv.verification.suite;
