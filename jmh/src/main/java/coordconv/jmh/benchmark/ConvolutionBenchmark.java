package coordconv.jmh.benchmark;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Forward, both backward passes and the bias gradient, with and without coordinates. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = Settings.FORKS, jvmArgsAppend = {Settings.ADD_MODULES, Settings.MICRO_KERNELS, Settings.NATIVE_ACCESS, Settings.HEAP})
@Warmup(iterations = Settings.WARM_UPS, time = Settings.MILLIS, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = Settings.MEASUREMENTS, time = Settings.MILLIS, timeUnit = TimeUnit.MILLISECONDS)
public class ConvolutionBenchmark {
    /** y. */
    @Benchmark
    public void forward(ConvolutionState s) {
        s.plan.forward(s.x, s.packed, s.y, s.parallelism);
    }

    /** dx. */
    @Benchmark
    public void backwardInput(ConvolutionState s) {
        s.plan.backwardInput(s.dy, s.packedGradient, s.dx, s.parallelism);
    }

    /** dw. */
    @Benchmark
    public void backwardWeights(ConvolutionState s) {
        s.plan.backwardWeights(s.x, s.dy, s.dw, s.parallelism);
    }

    /** db. */
    @Benchmark
    public void backwardBias(ConvolutionState s) {
        s.plan.backwardBias(s.dy, s.db, s.parallelism);
    }
}
