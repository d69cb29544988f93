package coordconv.kernels.internal.im2col;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.algorithm.CoordTable;
import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.gemm.BMatrix;
import coordconv.kernels.internal.gemm.Blocking;
import coordconv.kernels.internal.gemm.MacroKernel;
import coordconv.kernels.internal.gemm.PackedA;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.Activation;
import java.util.List;

/**
 * One correlation as a blocked matrix product, im2col fused into the packing of B:
 * {@code out[M, N * points] = weights[M, K] * patches[K, N * points]}.
 *
 * <p>The loops are those of the BLIS framework (Van Zee and van de Geijn, 2015), numbered as there: 5 over NC columns
 * and 4 over KC depths here, 3 to 1 in the macro-kernel. The grid of independent cells is that of the register tiles.
 */
public final class ImplicitGemm implements Algorithm {
    private final Correlation correlation;
    private final Blocking blocking;
    private final MacroKernel macroKernel;
    private final PatchMatrix patches;
    private final int packedAt;
    private final int nr;
    private final int channelsPerBlock;
    private final String name;
    /** What the coordinates add, or null where they are channels like the features. */
    private final CoordTable coordTable;

    /**
     * Plans a correlation.
     *
     * @param joined what to compute
     * @param machine kernels, caches, tuning
     * @param activation of the results
     * @param alpha its parameter
     * @param add whether results are added to the output
     * @param packedAt offset of its weights in those of the pass
     * @param coordTable what the coordinates add, which leave the product then, or null
     */
    public ImplicitGemm(Correlation joined, Machine machine, Activation activation, float alpha, boolean add, int packedAt,
                        CoordTable coordTable) {
        this.packedAt = packedAt;
        this.coordTable = coordTable;
        nr = machine.kernels().nr();
        correlation = coordTable == null ? joined : joined.withoutCoords();
        int taps = correlation.grid().taps();
        blocking = Blocking.choose(machine, correlation.output().rows(), correlation.columns(), correlation.depth(), taps,
                SmallPlaneMatrix.fits(correlation, machine), PatchMatrix.haloFloatsPerColumn(correlation, machine));
        channelsPerBlock = blocking.kc() / taps;
        macroKernel = new MacroKernel(correlation, blocking, machine, activation, alpha, add, coordTable);
        patches = new PatchMatrix(correlation, machine, blocking.nc(), channelsPerBlock);
        name = "im2col GEMM";
    }

    /**
     * Plans a correlation over patches of another kind.
     *
     * @param correlation what to compute
     * @param source of its patches
     * @param name of the algorithm, for people
     * @param blocking block sizes, KC a multiple of the taps
     * @param machine kernels, caches, tuning
     * @param activation of the results
     * @param alpha its parameter
     * @param add whether results are added to the output
     * @param packedAt offset of its weights in those of the pass
     */
    public ImplicitGemm(Correlation correlation, PatchMatrix.Source source, String name, Blocking blocking, Machine machine,
                        Activation activation, float alpha, boolean add, int packedAt) {
        this.correlation = correlation;
        this.packedAt = packedAt;
        this.blocking = blocking;
        this.name = name;
        nr = machine.kernels().nr();
        coordTable = null;
        channelsPerBlock = blocking.kc() / correlation.grid().taps();
        macroKernel = new MacroKernel(correlation, blocking, machine, activation, alpha, add, null);
        patches = new PatchMatrix(source, machine, blocking.nc(), channelsPerBlock);
    }

    @Override
    public String describe() {
        return name + ", " + blocking + (coordTable == null ? "" : ", coordinates in closed form");
    }

    @Override
    public int gridColumns() {
        return (correlation.columns() + nr - 1) / nr;
    }

    @Override
    public int gridRows() {
        return macroKernel.rowTiles().count();
    }

    @Override
    public long multiplyAdds(int fromColumn, int toColumn, int fromRow, int toRow) {
        int rows = macroKernel.rowTiles().start(toRow) - macroKernel.rowTiles().start(fromRow);
        return packedFloats(fromColumn, toColumn, fromRow, toRow) * rows;
    }

    @Override
    public long weightFloats(int fromRow, int toRow) {
        return (long) (macroKernel.rowTiles().start(toRow) - macroKernel.rowTiles().start(fromRow)) * correlation.depth();
    }

    /** The patches of the columns. */
    @Override
    public long packedFloats(int fromColumn, int toColumn, int fromRow, int toRow) {
        return (long) (toColumn - fromColumn) * nr * correlation.depth();
    }

    @Override
    public int packedLength() {
        return Math.multiplyExact(correlation.output().rows(), correlation.depth());
    }

    @Override
    public void packWeights(Floats weights, PackedFloats into) {
        float[] packed = into.array();
        PackedA.pack(correlation, macroKernel.rowTiles(), channelsPerBlock, weights, packed, packedAt);
    }

    @Override
    public Object packing() {
        return List.of(ImplicitGemm.class, packedAt, correlation.weights(), correlation.channels().total(), channelsPerBlock,
                macroKernel.rowTiles().rows(), macroKernel.rowTiles().count());
    }

    @Override
    public CoordTable coordTable() {
        return coordTable;
    }

    @Override
    public long workspaceBytes() {
        return Float.BYTES * ((long) patches.haloFloats() + macroKernel.panelFloats() + macroKernel.sumFloats())
                + patches.tableBytes();
    }

    /** Loop 5. */
    @Override
    public void run(Operands operands, int fromColumn, int toColumn, int fromRow, int toRow) {
        Workspace workspace = Workspace.borrow();
        try {
            workspace.operands = operands;
            patches.reserve(workspace);
            workspace.reservePanels(macroKernel.panelFloats());
            workspace.reserveSums(macroKernel.sumFloats());
            BMatrix b = patches.of(operands.x);
            int last = Math.min(correlation.columns(), toColumn * nr);
            int end;
            for (int q = fromColumn * nr; q < last; q = end) {
                end = patches.blockEnd(q, b.blockLimit(q, last));
                b.beginBlock(q, end, workspace);
                runDepths(b, operands, fromRow, toRow, workspace);
            }
        } finally {
            workspace.giveBack();
        }
    }

    /** Loop 4. */
    private void runDepths(BMatrix b, Operands operands, int fromRow, int toRow, Workspace workspace) {
        int total = correlation.channels().total();
        int taps = correlation.grid().taps();
        for (int c = 0; c < total; c += channelsPerBlock) {
            int to = Math.min(total, c + channelsPerBlock);
            b.load(operands.x, c, to, workspace);
            macroKernel.run(b, operands.x, c, to, (to - c) * taps, c == 0, to == total,
                    operands.packed.array(), packedAt + c * taps * macroKernel.rowTiles().rows(), operands.coordTables, operands.bias, operands.y,
                    fromRow, toRow, workspace);
        }
    }
}
