package coordconv.verification.suite;

/**
 * What came of one property, case or problem.
 *
 * @param title what had to hold
 * @param ran how many cases were checked
 * @param failed how many of them failed
 * @param notRun why nothing, or not everything, was checked; empty if everything was
 * @param failure the first failure, on its smallest case; empty if there is none
 */
public record Outcome(String title, int ran, int failed, String notRun, String failure) {
    /** {@return whether it was checked at all, and nothing failed} */
    public boolean passed() {
        return ran > 0 && failed == 0;
    }

    static Outcome notRun(String title, String why) {
        return new Outcome(title, 0, 0, why, "");
    }
}
