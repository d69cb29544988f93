package coordconv.jmh.engines;

import coordconv.cli.timing.NetworkCase;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvAlgorithm;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.KernelInfo;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.Workers;

/** The kernels of this project, through their public API alone: another build of them must run as well. */
public class CoordConvEngine implements Engine {
    private final ConvAlgorithm algorithm;

    /** As users get it. */
    public CoordConvEngine() {
        this(ConvAlgorithm.AUTO);
    }

    CoordConvEngine(ConvAlgorithm algorithm) {
        this.algorithm = algorithm;
    }

    @Override
    public String version() {
        String version = Conv2dPlan.class.getPackage().getImplementationVersion();
        return (version == null ? "this build" : version) + ", " + KernelInfo.current();
    }

    @Override
    public PreparedCall prepare(Workload workload, Operation operation) {
        ConvGeometry g = workload.geometry();
        Conv2dPlan plan = Conv2dPlan.of(g, PlanOptions.DEFAULTS.withAlgorithm(algorithm));
        Workers workers = new Workers(workload.threads());
        Parallelism parallelism = workers.parallelism();
        FloatRegion x = FloatRegion.of(workload.x());
        FloatRegion w = FloatRegion.of(workload.weights());
        return switch (operation) {
            case FORWARD -> {
                PackedWeights packed = plan.pack(w, null);
                yield new Call(g.outputLength(), workers) {
                    @Override
                    public void run() {
                        plan.forward(x, packed, result, parallelism);
                    }
                };
            }
            case BACKWARD_INPUT -> {
                PackedGradientWeights packed = plan.packForInputGradient(w);
                FloatRegion dy = FloatRegion.of(workload.outputGradient());
                yield new Call(g.inputLength(), workers) {
                    @Override
                    public void run() {
                        plan.backwardInput(dy, packed, result, parallelism);
                    }
                };
            }
            case BACKWARD_WEIGHTS -> {
                FloatRegion dy = FloatRegion.of(workload.outputGradient());
                yield new Call(g.weightLength(), workers) {
                    @Override
                    public void run() {
                        plan.backwardWeights(x, dy, result, parallelism);
                    }
                };
            }
            default -> {
                workers.close();
                throw new UnsupportedOperationException("coordconv: given " + operation.title() + ", needed a forward or backward pass");
            }
        };
    }

    @Override
    public PreparedCall prepare(NetworkCase network, int threads) {
        return new PredictorCall(network, threads, algorithm);
    }

    private abstract static class Call implements PreparedCall {
        private final float[] values;
        private final Workers workers;
        final FloatRegion result;

        Call(int length, Workers workers) {
            this.workers = workers;
            values = new float[length];
            result = FloatRegion.of(values);
        }

        @Override
        public float[] output() {
            return values;
        }

        @Override
        public void close() {
            workers.close();
        }
    }
}
