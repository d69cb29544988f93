package coordconv.layers.training;

/** Where a training run stands after a step; one instance is reused for all steps. */
public final class Progress {
    private int epoch;
    private int batch;
    private int batches;
    private long step;
    private double loss;

    Progress() {}

    void set(int nowEpoch, int nowBatch, int ofBatches, long nowStep, double nowLoss) {
        epoch = nowEpoch;
        batch = nowBatch;
        batches = ofBatches;
        step = nowStep;
        loss = nowLoss;
    }

    /** {@return number of the epoch, from 1} */
    public int epoch() {
        return epoch;
    }

    /** {@return batches done in this epoch} */
    public int batch() {
        return batch;
    }

    /** {@return batches of an epoch} */
    public int batches() {
        return batches;
    }

    /** {@return steps done in all} */
    public long step() {
        return step;
    }

    /** {@return loss of the last batch} */
    public double loss() {
        return loss;
    }
}
