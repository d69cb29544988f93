package coordconv.jmh.comparison;

import com.fasterxml.jackson.annotation.JsonIgnore;
import coordconv.jmh.stats.Interval;
import coordconv.jmh.worker.Subject;
import java.util.List;

/**
 * The result for one subject.
 *
 * @param subject what was to be timed
 * @param name name of the problem
 * @param status how it went
 * @param reason why there is no time, else empty
 * @param errorShare worst error as a share of its rounding bound; above 1 is wrong; NaN for a ceiling
 * @param work floating-point operations or bytes of one call
 * @param nanosByFork nanoseconds of one call: the samples of each fork
 */
public record Measurement(Subject subject, String name, Status status, String reason, double errorShare,
        double work, List<double[]> nanosByFork) {
    /** How a measurement went. */
    public enum Status {
        /** Right and timed. */
        TIMED,
        /** The output is outside the rounding bound of the reference: not timed. */
        WRONG,
        /** The engine does not do this. */
        UNSUPPORTED,
        /** The engine is not on this machine. */
        UNAVAILABLE,
        /** The engine failed. */
        FAILED
    }

    static Measurement without(Subject subject, String name, Status status, String reason, double errorShare) {
        return new Measurement(subject, name, status, reason, errorShare, 0, List.of());
    }

    /** {@return whether there is a time} */
    @JsonIgnore
    public boolean isTimed() {
        return status == Status.TIMED;
    }

    /** {@return nanoseconds of one call} */
    public Interval nanos() {
        return Interval.ofForks(nanosByFork);
    }

    /** {@return GFLOP/s, or GB/s for a copy} */
    public Interval rate() {
        return nanos().invert(work);
    }
}
