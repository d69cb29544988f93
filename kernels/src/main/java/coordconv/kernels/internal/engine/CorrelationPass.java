package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.algorithm.CoordTable;
import coordconv.kernels.internal.machine.Tuning;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.memory.PackedFloats;
import java.util.ArrayList;
import java.util.List;

/** A pass that multiplies by packed weights: the forward pass, or the gradient to the input. */
public final class CorrelationPass extends Pass {
    private final List<Algorithm> algorithms;
    private final String remark;
    private final int packedLength;
    private final int alignedLength;
    private final int tableLength;

    /**
     * A pass.
     *
     * @param algorithms disjoint in their results
     * @param remark on how they were chosen, for people
     * @param tuning how they are cut
     */
    CorrelationPass(List<Algorithm> algorithms, String remark, Tuning tuning) {
        super(algorithms, tuning);
        this.algorithms = algorithms;
        this.remark = remark;
        int floats = 0;
        int aligned = 0;
        int tables = 0;
        for (Algorithm algorithm : algorithms) {
            floats = Math.addExact(floats, algorithm.packedLength());
            aligned = Math.addExact(aligned, algorithm.alignedLength());
            CoordTable table = algorithm.coordTable();
            tables = Math.addExact(tables, table == null ? 0 : table.length());
        }
        packedLength = floats;
        alignedLength = aligned;
        tableLength = tables;
    }

    /** {@return room for the packed weights} */
    public PackedFloats newPacked() {
        return PackedFloats.of(packedLength, alignedLength);
    }

    /**
     * Packs weights for every algorithm.
     *
     * @param weights of the convolution
     * @param packed destination
     */
    public void packWeights(Floats weights, PackedFloats packed) {
        for (int i = 0; i < algorithms.size(); i++) {
            algorithms.get(i).packWeights(weights, packed);
        }
    }

    /** {@return what decides where weights go: equal for passes that can share the panels of equal weights} */
    public Object packing() {
        List<Object> all = new ArrayList<>();
        for (Algorithm algorithm : algorithms) {
            all.add(algorithm.packing());
        }
        return all;
    }

    /** {@return floats of the tables of coordinates in closed form} */
    public int tableLength() {
        return tableLength;
    }

    /**
     * Computes those tables.
     *
     * @param weights of the convolution
     * @param tables destination
     */
    public void fillTables(Floats weights, float[] tables) {
        for (int i = 0; i < algorithms.size(); i++) {
            CoordTable table = algorithms.get(i).coordTable();
            if (table != null) {
                table.fill(weights, tables);
            }
        }
    }

    /** {@return what decides the tables: equal for passes that can share those of equal weights} */
    public Object tablePacking() {
        List<Object> all = new ArrayList<>();
        for (Algorithm algorithm : algorithms) {
            if (algorithm.coordTable() != null) {
                all.add(algorithm.coordTable().packing());
            }
        }
        return all;
    }

    /** {@return what was chosen for the first group, for people} */
    public String describe() {
        return algorithms.getFirst().describe() + remark;
    }
}
