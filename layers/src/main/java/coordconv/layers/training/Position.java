package coordconv.layers.training;

import java.util.Map;

/** The place of a run between two steps. The order of an epoch follows from the shuffling state at its start. */
final class Position {
    private final int samples;
    private final int batchSize;
    private final int batches;
    int epoch;
    int batch;
    long shuffleState;
    double lossSum;
    double metricSum;

    Position(int samples, int batchSize, int batches) {
        this.samples = samples;
        this.batchSize = batchSize;
        this.batches = batches;
    }

    void set(Position other) {
        epoch = other.epoch;
        batch = other.batch;
        shuffleState = other.shuffleState;
        lossSum = other.lossSum;
        metricSum = other.metricSum;
    }

    void save(Map<String, String> notes) {
        notes.put("samples", Integer.toString(samples));
        notes.put("batchSize", Integer.toString(batchSize));
        notes.put("batches", Integer.toString(batches));
        notes.put("epoch", Integer.toString(epoch));
        notes.put("batch", Integer.toString(batch));
        notes.put("shuffle", Long.toString(shuffleState));
        notes.put("lossSumBits", Long.toString(Double.doubleToRawLongBits(lossSum)));
        notes.put("metricSumBits", Long.toString(Double.doubleToRawLongBits(metricSum)));
    }

    /** Reads another position of the same run. */
    Position read(CheckpointReader reader) {
        reader.requireNote("samples", Integer.toString(samples));
        reader.requireNote("batchSize", Integer.toString(batchSize));
        reader.requireNote("batches", Integer.toString(batches));
        Position position = new Position(samples, batchSize, batches);
        position.epoch = (int) reader.number("epoch", 0, Integer.MAX_VALUE);
        position.batch = (int) reader.number("batch", 0, batches);
        position.shuffleState = reader.number("shuffle");
        position.lossSum = Double.longBitsToDouble(reader.number("lossSumBits"));
        position.metricSum = Double.longBitsToDouble(reader.number("metricSumBits"));
        return position;
    }
}
