package coordconv.jmh.benchmark;

import coordconv.layers.Phase;
import coordconv.layers.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Single layers, forward and backward. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = Settings.FORKS, jvmArgsAppend = {Settings.ADD_MODULES, Settings.MICRO_KERNELS, Settings.NATIVE_ACCESS, Settings.HEAP})
@Warmup(iterations = Settings.WARM_UPS, time = Settings.MILLIS, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = Settings.MEASUREMENTS, time = Settings.MILLIS, timeUnit = TimeUnit.MILLISECONDS)
public class LayerBenchmark {
    /** The forward pass of training. */
    @Benchmark
    public Tensor forward(LayerState s) {
        return s.model.forward(s.x, Phase.TRAINING);
    }

    /** The backward pass, gradients to parameters and input. */
    @Benchmark
    public Tensor backward(LayerState s) {
        return s.model.backward(s.dy);
    }
}
