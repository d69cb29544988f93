package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.Parallelism;
import coordconv.kernels.internal.gemm.CacheSizes;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.Pool;
import coordconv.kernels.internal.pack.PackLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Several correlations that share input, weights and output: the groups, and the phases of a gradient. */
public final class ForwardPass {
    private final List<ImplicitGemm> products = new ArrayList<>();
    private final List<Correlation> empty = new ArrayList<>();
    private final Pool<Call> calls = new Pool<>(2, Call::new);
    private volatile Shares shares;
    private final int[] packedAt;
    private final float slope;
    private final boolean add;

    /**
     * Plans a pass.
     *
     * @param correlations disjoint in their output
     * @param kernels on which width
     * @param caches cache sizes
     * @param slope factor of the activation on negative results
     * @param add whether results are added to the output
     */
    public ForwardPass(List<Correlation> correlations, KernelSet kernels, CacheSizes caches, float slope, boolean add) {
        this.slope = slope;
        this.add = add;
        for (Correlation correlation : correlations) {
            if (correlation.depth() == 0) {
                empty.add(correlation);
            } else if (correlation.output().rows() > 0) {
                products.add(new ImplicitGemm(correlation, kernels, caches, slope, add));
            }
        }
        packedAt = new int[products.size() + 1];
        for (int i = 0; i < products.size(); i++) {
            packedAt[i + 1] = Math.addExact(packedAt[i], products.get(i).packedLength());
        }
    }

    /** {@return floats of the packed weights} */
    public int packedLength() {
        return packedAt[products.size()];
    }

    /** {@return the product that a description speaks of: the first} */
    public ImplicitGemm first() {
        return products.getFirst();
    }

    /** {@return bytes of scratch that one thread uses} */
    public long workspaceBytes() {
        long most = 0;
        for (int i = 0; i < products.size(); i++) {
            most = Math.max(most, products.get(i).workspaceBytes());
        }
        return most;
    }

    /** Packs the weights of every correlation. */
    public void packWeights(FloatRegion weights, float[] packed) {
        for (int i = 0; i < products.size(); i++) {
            products.get(i).packWeights(weights, packed, packedAt[i]);
        }
    }

    /** Runs every correlation. */
    public void run(FloatRegion x, float[] packed, float[] bias, FloatRegion y, Parallelism parallelism) {
        for (int i = 0; i < empty.size(); i++) {
            fillEmpty(empty.get(i), bias, y);
        }
        int threads = parallelism.threads();
        if (threads == 1) {
            for (int i = 0; i < products.size(); i++) {
                ImplicitGemm product = products.get(i);
                product.run(x, packed, packedAt[i], bias, y, 0, product.columnTiles(), 0, product.rowTiles());
            }
        } else if (!products.isEmpty()) {
            runShared(x, packed, bias, y, parallelism);
        }
    }

    private void runShared(FloatRegion x, float[] packed, float[] bias, FloatRegion y, Parallelism parallelism) {
        Shares current = shares;
        if (current == null || current.threads != parallelism.threads()) {
            current = new Shares(parallelism.threads());
            shares = current;
        }
        Call call = calls.borrow();
        call.shares = current;
        call.x = x;
        call.packed = packed;
        call.bias = bias;
        call.y = y;
        try {
            parallelism.run(current.parts(), call);
        } finally {
            call.forget();
            calls.giveBack(call);
        }
    }

    /** How the products are split among a number of threads. */
    private final class Shares {
        private final int threads;
        private final Split[] splits = new Split[products.size()];
        private final int[] firstPart = new int[products.size() + 1];

        Shares(int threads) {
            this.threads = threads;
            for (int i = 0; i < splits.length; i++) {
                ImplicitGemm product = products.get(i);
                splits[i] = Split.of(product.columnTiles(), product.rowTiles(), splits.length >= 4 * threads ? 1 : threads);
                firstPart[i + 1] = firstPart[i] + splits[i].parts();
            }
        }

        int parts() {
            return firstPart[splits.length];
        }
    }

    /** One call's operands, for all its parts. */
    private final class Call implements IntConsumer {
        private Shares shares;
        private FloatRegion x;
        private float[] packed;
        private float[] bias;
        private FloatRegion y;

        @Override
        public void accept(int part) {
            int i = 0;
            while (shares.firstPart[i + 1] <= part) {
                i++;
            }
            Split s = shares.splits[i];
            int p = part - shares.firstPart[i];
            products.get(i).run(x, packed, packedAt[i], bias, y,
                    s.from(p), s.from(p + s.rowParts()), s.rowFrom(p), s.rowTo(p));
        }

        void forget() {
            x = null;
            packed = null;
            bias = null;
            y = null;
        }
    }

    /** A correlation without taps leaves the bias alone. */
    private void fillEmpty(Correlation correlation, float[] bias, FloatRegion y) {
        Correlation.Output o = correlation.output();
        Correlation.Grid grid = correlation.grid();
        for (int n = 0; n < correlation.input().batch(); n++) {
            for (int m = 0; m < o.rows(); m++) {
                for (int i = 0; i < grid.points(); i++) {
                    int at = o.base() + n * o.batchStride() + m * o.rowStride()
                            + i / grid.width() * o.gridRowStride() + i % grid.width() * o.gridColumnStride();
                    float v = bias[correlation.biasAt() + m] + (add ? y.get(at) : 0);
                    y.set(at, PackLoops.activated(v, slope));
                }
            }
        }
    }
}
