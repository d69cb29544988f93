/**
 * Problems as one-line strings, in the manner of oneDNN's benchdnn: the same string drives checks,
 * benchmarks and tests. Also the problem file that ships, and seeded inputs for any problem.
 */
package coordconv.verification.problem;
