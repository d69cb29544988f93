package coordconv.jmh.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import coordconv.djl.CoordConv2d;
import coordconv.jmh.engines.Workload;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.Parallelism;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.Comparison;
import coordconv.verification.reference.ReferenceConv2d;
import java.util.concurrent.ForkJoinPool;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A CoordConv in DJL with its weights loaded. */
@State(Scope.Benchmark)
public class DjlBlockState {
    /** How it is computed. */
    public enum Way {
        /** Our block. */
        COORDCONV,
        /** DJL's concatenation of a ready coordinate tensor, and its Conv2d. */
        CONCAT
    }

    /** Which of them. */
    @Param({"COORDCONV", "CONCAT"})
    public Way way;

    /** A problem string: the example network's layer, a SOLOv2 head. */
    @Param({"n64c64h7w7o64k3s2p1+xy", "n1c256h40w40o512k3p1+xy"})
    public String problem;

    /** Threads of either. */
    @Param("1")
    public int threads;

    private Workload workload;
    private NDManager manager;
    private ParameterStore store;
    private NDArray x;
    private NDArray coordinates;
    private Block block;

    /** Loads, runs once and compares with the reference. */
    @Setup
    public void prepare() {
        System.setProperty("ai.djl.offline", "true");
        manager = NDManager.newBaseManager(PtEngine.ENGINE_NAME);
        JniUtils.setGradMode(false);
        JniUtils.setNumThreads(threads);
        Problem parsed = Problem.parse(problem);
        workload = Workload.of(parsed.geometry(), threads);
        ConvGeometry g = workload.geometry();
        store = new ParameterStore(manager, false);
        x = manager.create(workload.x(), new Shape(g.batch(), g.channels(), g.height(), g.width()));
        coordinates = workload.hasCoordinates() ? manager.create(workload.coordinateTensor(),
                new Shape(g.batch(), g.coords().count(), g.height(), g.width())) : null;
        block = way == Way.COORDCONV ? ours(parsed) : theirs(g);
        block.initialize(manager, DataType.FLOAT32, way == Way.COORDCONV ? x.getShape()
                : new Shape(g.batch(), g.joinedChannels(), g.height(), g.width()));
        block.getParameters().get("weight").getArray().set(workload.weights());
        block.freezeParameters(true);
        try (NDArray y = run()) {
            Comparison worst = new ReferenceConv2d(g).forward(workload.x(), workload.weights(), null).compare(y.toFloatArray());
            judge(worst);
        }
    }

    /** A wrong result of ours ends the run; one of the engine is reported, as there is no other engine to compare with. */
    private void judge(Comparison worst) {
        if (!worst.ok() && way == Way.COORDCONV) {
            throw new IllegalStateException(problem + ": " + worst);
        }
        if (!worst.ok()) {
            System.out.println("The result of the engine is wrong: " + problem + ": " + worst);
        }
    }

    private Block ours(Problem parsed) {
        ConvGeometry g = parsed.geometry();
        Parallelism parallelism = Parallelism.of(ForkJoinPool.commonPool(), threads);
        return CoordConv2d.builder().setKernelShape(new Shape(g.kernelHeight(), g.kernelWidth())).setFilters(g.outChannels())
                .optStride(new Shape(g.strideHeight(), g.strideWidth())).optPadding(new Shape(g.padTop(), g.padLeft()))
                .optBias(false).optCoords(parsed.preset()).optParallelism(parallelism).build();
    }

    private static Block theirs(ConvGeometry g) {
        return Conv2d.builder().setKernelShape(new Shape(g.kernelHeight(), g.kernelWidth())).setFilters(g.outChannels())
                .optStride(new Shape(g.strideHeight(), g.strideWidth())).optPadding(new Shape(g.padTop(), g.padLeft()))
                .optBias(false).build();
    }

    /** One forward pass; what it makes on the way is closed here, the result by the caller. */
    NDArray run() {
        if (way == Way.COORDCONV || coordinates == null) {
            return forward(x);
        }
        try (NDArray joined = x.concat(coordinates, 1)) {
            return forward(joined);
        }
    }

    private NDArray forward(NDArray input) {
        return block.forward(store, new NDList(input), false).singletonOrThrow();
    }

    /** Frees the engine's memory. */
    @TearDown
    public void close() {
        manager.close();
    }
}
