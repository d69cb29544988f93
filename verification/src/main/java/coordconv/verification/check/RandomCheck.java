package coordconv.verification.check;

import coordconv.verification.cases.Case;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.RandomCases;
import coordconv.verification.cases.Shrinker;
import coordconv.verification.cases.Tensors;
import coordconv.verification.kernel.Feature;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Any number of random cases, each compared with the double reference under its rounding bound. Where the
 * kernel promises the same bits in every call, each fourth case is followed by a repeat of the one before it,
 * which has to give what it gave: scratch memory that one shape leaves behind is not what another finds.
 */
public final class RandomCheck {
    private static final int REPEAT_EVERY = 4;

    private final RandomCases cases;
    private final List<Pass> passes;

    /**
     * What came of a run.
     *
     * @param ran cases that were checked
     * @param notRun cases that the kernel does not support
     * @param failure the first that failed
     */
    public record Result(long ran, long notRun, Optional<Failure> failure) {}

    /**
     * A case that failed.
     *
     * @param seed that draws it
     * @param drawn as it was drawn
     * @param smallest what it was shrunk to
     * @param message what is wrong with the smallest
     */
    public record Failure(long seed, Case drawn, Case smallest, String message) {}

    /** A case with what it gave. */
    private record Done(Case done, Tensors tensors, Pass pass, float[] out) {}

    /**
     * A way to check.
     *
     * @param cases where the cases come from
     * @param passes those to check, as far as the kernel has them
     */
    public RandomCheck(RandomCases cases, List<Pass> passes) {
        this.cases = cases;
        this.passes = List.copyOf(passes);
    }

    /**
     * Checks the cases of consecutive seeds until one fails.
     *
     * @param seed the first
     * @param count how many
     * @param goOn told the number of cases so far after each; ends the run where it returns false
     * @return what came of it
     */
    public Result run(long seed, long count, LongPredicate goOn) {
        long ran = 0;
        Done before = null;
        for (long i = 0; i < count; i++) {
            Optional<Case> drawn = cases.draw(seed + i);
            if (drawn.isPresent()) {
                Case c = drawn.get();
                try {
                    Done done = check(c);
                    if (i % REPEAT_EVERY == 0 && before != null && before.done.kernel().features().contains(Feature.SAME_BITS_AGAIN)) {
                        Check.sameBits(before.out, before.pass.run(before.done, before.tensors),
                                before.pass + " after " + c + ", of " + before.done);
                    }
                    before = done;
                    ran++;
                } catch (UnsupportedOperationException unsupported) {
                    before = null;
                } catch (AssertionError | RuntimeException | LinkageError wrong) {
                    return new Result(ran + 1, i - ran, Optional.of(failure(seed + i, c, wrong)));
                }
            }
            if (!goOn.test(i + 1)) {
                return new Result(ran, i + 1 - ran, Optional.empty());
            }
        }
        return new Result(ran, count - ran, Optional.empty());
    }

    /** Checks the passes of a case; the last one is kept for a repeat. */
    private Done check(Case c) {
        Tensors t = Tensors.uniform(c);
        Done done = null;
        for (Pass pass : passes) {
            if (pass.isOf(c.kernel())) {
                float[] out = pass.run(c, t);
                Check.ok(pass.expect(c, t).compare(out), pass + " of " + c);
                done = new Done(c, t, pass, out);
            }
        }
        if (done == null) {
            throw new UnsupportedOperationException("none of " + passes);
        }
        return done;
    }

    private Failure failure(long seed, Case c, Throwable wrong) {
        String[] message = {told(wrong)};
        Case smallest = Shrinker.shrink(c, smaller -> {
            try {
                check(smaller);
                return false;
            } catch (UnsupportedOperationException unsupported) {
                return false;
            } catch (AssertionError | RuntimeException | LinkageError stillWrong) {
                message[0] = told(stillWrong);
                return true;
            }
        });
        return new Failure(seed, c, smallest, message[0]);
    }

    private static String told(Throwable wrong) {
        return wrong instanceof AssertionError ? wrong.getMessage() : wrong.toString();
    }
}
