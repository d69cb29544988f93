/**
 * Problems as one-line strings, in the manner of oneDNN's benchdnn: the same string drives checks,
 * benchmarks and tests. Also the problem file that ships, and seeded inputs for any problem.
 *
 * {@snippet lang=java :
 * Problem problem = Problem.parse("my layer: n8c3h33w17o5k3x1s2psame+yx+r");
 * float[] x = Inputs.uniform(1, problem.geometry().inputLength());
 * List<Problem> layersOfRealNetworks = ProblemFile.shipped();
 * }
 */
package coordconv.verification.problem;
