package coordconv.jmh.benchmark;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** One training step of an example network. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = Settings.FORKS, jvmArgsAppend = {Settings.ADD_MODULES, Settings.MICRO_KERNELS, Settings.NATIVE_ACCESS, Settings.HEAP})
@Warmup(iterations = Settings.WARM_UPS, time = Settings.TRAINING_WARM_UP_MILLIS, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = Settings.MEASUREMENTS, time = Settings.MILLIS, timeUnit = TimeUnit.MILLISECONDS)
public class TrainingStepBenchmark {
    /** The step. */
    @Benchmark
    public double step(TrainingState s) {
        return s.step();
    }
}
