package coordconv.jmh.benchmark;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Deformable convolution with a mask: forward and the gradients to input, offsets and mask, and weights. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = Settings.FORKS, jvmArgsAppend = {Settings.ADD_MODULES, Settings.MICRO_KERNELS, Settings.NATIVE_ACCESS, Settings.HEAP})
@Warmup(iterations = Settings.WARM_UPS, time = Settings.MILLIS, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = Settings.MEASUREMENTS, time = Settings.MILLIS, timeUnit = TimeUnit.MILLISECONDS)
public class DeformableBenchmark {
    /** y. */
    @Benchmark
    public void forward(DeformableState s) {
        s.plan.forward(s.x, s.offsets, s.mask, s.packed, s.y, s.parallelism);
    }

    /** dx. */
    @Benchmark
    public void backwardInput(DeformableState s) {
        s.plan.backwardInput(s.dy, s.offsets, s.mask, s.packedForGradients, s.dx, s.parallelism);
    }

    /** Gradients of offsets and mask. */
    @Benchmark
    public void backwardOffsets(DeformableState s) {
        s.plan.backwardOffsets(s.x, s.offsets, s.mask, s.dy, s.packedForGradients, s.dOffsets, s.dMask, s.parallelism);
    }

    /** dw. */
    @Benchmark
    public void backwardWeights(DeformableState s) {
        s.plan.backwardWeights(s.x, s.offsets, s.mask, s.dy, s.dw, s.parallelism);
    }
}
