/**
 * Holds a problem's forward and backward passes against the double reference.
 *
 * {@snippet lang=java :
 * ProblemCheck check = new ProblemCheck(new MyConv(), 1, ProblemCheck.DEFAULT_BUDGET);
 * CheckResult result = check.check(Problem.parse("n1c64h56w56o64k3p1"));
 * System.out.println(result.ok() + ", worst in " + result.pass() + ": " + result.worst());
 * }
 */
package coordconv.verification.check;
