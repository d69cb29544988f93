package coordconv.verification.soak;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.io.WeightFile;
import coordconv.layers.io.Weights;
import coordconv.verification.cases.Widths;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What a program does with this library all day: new plans and old ones, every pass, every kind of memory, layers, files. */
final class SoakWork implements AutoCloseable {
    private static final List<String> PROBLEMS = List.of("n2c3h9w8o5k3p1+xy", "n3c7h11w13o9k3s2p1+yx+r", "n2c9h8w8o13k1+xy",
            "n1c4h7w30o6k3x5p1x2d2+wizaron", "n2c8h9w7o12k3p1g2", "n1c2h6w6o3k2s3p1+solo");
    private static final int LARGEST = 1 << 14;

    private final ExecutorService helpers = Executors.newFixedThreadPool(2);
    private final List<Conv2dPlan> kept = new ArrayList<>();
    private final ByteBuffer[] direct = new ByteBuffer[5];
    private final Path file;

    SoakWork(Path folder) {
        file = folder.resolve("weights.safetensors");
        for (int i = 0; i < direct.length; i++) {
            direct[i] = ByteBuffer.allocateDirect(4 * LARGEST);
        }
        for (String problem : PROBLEMS) {
            kept.add(plan(problem, VectorWidth.PREFERRED));
        }
    }

    private static Conv2dPlan plan(String problem, VectorWidth width) {
        return Conv2dPlan.of(Problem.parse(problem).geometry(), PlanOptions.DEFAULTS.withWidth(width));
    }

    /** One round of everything. */
    void round(int number) throws IOException {
        String problem = PROBLEMS.get(number % PROBLEMS.size());
        VectorWidth width = Widths.ALL.get(number / PROBLEMS.size() % Widths.ALL.size());
        Parallelism team = number % 2 == 0 ? Parallelism.SERIAL : Parallelism.of(helpers, 3);
        passes(plan(problem, width), team, number);
        passes(kept.get(number % kept.size()), team, number + 1);
        if (number % 8 == 0) {
            try (ExecutorService brief = Executors.newFixedThreadPool(2)) {
                passes(kept.get(0), Parallelism.of(brief, 3), number);
            }
            network();
        }
    }

    private void passes(Conv2dPlan plan, Parallelism team, int number) {
        ConvGeometry g = plan.geometry();
        try (Arena arena = Arena.ofShared()) {
            FloatRegion x = region(arena, number, 0, g.inputLength());
            FloatRegion y = region(arena, number + 1, 1, g.outputLength());
            FloatRegion w = region(arena, number + 2, 2, g.weightLength());
            PackedWeights packed = plan.pack(w, null);
            PackedGradientWeights packedForGradient = plan.packForInputGradient(w);
            plan.repack(w, null, packed);
            plan.forward(x, packed, y, team);
            plan.backwardInput(y, packedForGradient, region(arena, number, 3, g.inputLength()), team);
            plan.backwardWeights(x, y, region(arena, number, 4, g.weightLength()), team);
            plan.backwardBias(y, FloatRegion.of(new float[g.outChannels()]), team);
        }
    }

    /** Memory of one kind after the other. */
    private FloatRegion region(Arena arena, int kind, int slot, int length) {
        return switch (kind % 3) {
            case 0 -> FloatRegion.of(Inputs.uniform(slot, length));
            case 1 -> FloatRegion.of(direct[slot].duplicate().limit(4 * length).slice().asFloatBuffer());
            default -> {
                MemorySegment segment = arena.allocate(4L * length, 4);
                yield FloatRegion.of(segment);
            }
        };
    }

    private void network() throws IOException {
        Layer model = Sequential.of(new CoordConv2d(ConvSpec.of(2, 4, 3)), new ReLU()).initialise(1);
        Shape shape = Shape.of(2, 2, 6, 6);
        model.configure(shape, Execution.TRAINING, true);
        Tensor y = model.forward(Tensor.zeros(shape), Phase.TRAINING);
        model.backward(y);
        Weights.save(model, file);
        Weights.copyInto(WeightFile.read(file), model);
    }

    @Override
    public void close() {
        helpers.close();
    }
}
