package coordconv.jmh.benchmark;

import coordconv.jmh.machine.CeilingEngine;
import coordconv.jmh.engines.Operation;
import coordconv.verification.problem.Problem;
import java.util.OptionalDouble;
import org.openjdk.jmh.infra.BenchmarkParams;

/** How much one operation of a benchmark computes or moves. */
final class Work {
    private Work() {}

    /**
     * Floating-point operations of one call; bytes for copies and packing.
     *
     * @param benchmark which, with its parameters
     * @return empty where a rate would mean little
     */
    static OptionalDouble of(BenchmarkParams benchmark) {
        return switch (simpleName(benchmark)) {
            case "ConvolutionBenchmark.forward", "ConvolutionBenchmark.backwardInput", "ConvolutionBenchmark.backwardWeights",
                    "DeformableBenchmark.forward", "EngineBenchmark.forward", "DjlBlockBenchmark.forward" ->
                OptionalDouble.of(Problem.parse(benchmark.getParam("problem")).geometry().flops());
            case "GemmBenchmark.multiply" -> OptionalDouble.of(GemmState.geometry(benchmark.getParam("size")).flops());
            case "MicroKernelBenchmark.tiles" -> OptionalDouble.of(MicroKernelState.call(
                    Integer.parseInt(benchmark.getParam("bits")), Integer.parseInt(benchmark.getParam("rows"))).flops());
            case "PatchPackingBenchmark.pack" -> OptionalDouble.of(2 * PatchPackingState.bytes());
            case "CeilingBenchmark.run" -> OptionalDouble.of(CeilingEngine.work(
                    Operation.valueOf(benchmark.getParam("ceiling")), Integer.parseInt(benchmark.getParam("threads"))));
            default -> OptionalDouble.empty();
        };
    }

    /** {@return class and method, without the package} */
    static String simpleName(BenchmarkParams benchmark) {
        String name = benchmark.getBenchmark();
        int method = name.lastIndexOf('.');
        return name.substring(name.lastIndexOf('.', method - 1) + 1);
    }
}
